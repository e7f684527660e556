-- What was taken back counts for no segment any more (ADR 0907): who stands in one by the rule before
-- is looked at anew, and nobody is said to have come or gone by that.
update segment set filled = null;

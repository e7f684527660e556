-- What happened is rated anew by a table that holds for it now (semantics H4): a step of the night.

do $$
begin
    perform allow_also('midnight_step', 'step', array['rate_again']);
    perform allow_also('parked_member', 'step', array['rate_again']);
end $$;

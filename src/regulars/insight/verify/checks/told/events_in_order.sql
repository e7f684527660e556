-- I36: No event is ahead of its member: its place in the order was reached, and its kind is
--   known.
-- Fails when: whoever listens would put a member's events in a wrong order.
-- Do: report it with the events named here.
-- Counts: outbox
select o.program_id, o.member_id, o.outbox_id, o.type, o.sequence, s.version
  from outbox o
  join standing s using (program_id, member_id)
 where o.sequence not between 1 and s.version
    or o.type not in ('member.joined', 'member.changed', 'member.linked', 'points.earned',
                      'points.returned', 'points.refunded', 'points.expired', 'points.adjusted',
                      'points.activated', 'points.cancelled', 'points.restated', 'reward.held',
                      'reward.captured',
                      'reward.voided', 'reward.lapsed', 'tier.changed',
                      'points.transferred', 'points.pooled', 'points.extended',
                      'points.reinstated', 'points.written_off', 'points.lapse_soon', 'points.postponed',
                      'member.merged', 'member.slipping', 'member.slip_ended', 'member.unusual',
                      'account.slipping', 'account.slip_ended', 'member.unusual_ended',
                      'member.unmerged', 'member.blocked', 'member.unblocked',
                      'household.changed', 'consent.changed', 'member.erased', 'member.erasure_noticed', 'benefit.used',
                      'benefit.undone', 'benefit.missed', 'benefit.granted', 'associate.assigned',
                      'associate.ended', 'code.used', 'tier.given', 'tier.given_ended', 'tier.invited',
                      'tier.lost_soon', 'journey.reached', 'message.told', 'referral.named', 'referral.qualified',
                      'referral.rewarded', 'referral.rejected', 'referral.retracted',
                      'prize.given', 'prize.taken_back', 'challenge.joined', 'team.joined', 'team.left',
                      'milestone.reached', 'milestone.taken_back',
                      'membership.started', 'membership.paid',
                      'membership.failed', 'membership.refunded', 'membership.restored', 'membership.cancelled',
                      'membership.paused', 'membership.resumed', 'membership.changed',
                      'membership.told', 'membership.past_due', 'membership.ended',
                      'payout.returned', 'draw.won', 'choice.made', 'ladder.changed',
                      'ladder.lost_soon', 'segment.entered', 'segment.left',
                      'club.joined', 'club.left', 'seat.held', 'seat.waiting', 'seat.given_up',
                      'seat.used', 'gathering.cancelled', 'gathering.moved',
                      'loyalty.account.created', 'loyalty.account.updated',
                      'loyalty.account.deleted', 'loyalty.event.created')

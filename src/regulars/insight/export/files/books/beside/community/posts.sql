-- Reviews and stories that members wrote; of erased ones no word.
-- Table: member_post
-- Delta: whole
-- post_id pst: which one
-- member_id mem: who wrote it
-- kind text: review or story
-- about text?: what a review is about
-- rating int?: its stars
-- title text?: its title
-- says text?: what it says
-- site text?: where else it stands
-- state text: waiting, published, refused, withdrawn or forgotten
-- reason text?: why it was refused
-- written_at instant: when
-- decided_at instant?: when somebody of the shop decided
-- decided_by text?: who
-- published_at instant?: when first
-- rewarded bool: whether rules gave something for it
select p.post_id, coalesce(l.into_id, p.member_id) as member_id, p.kind,
       nullif(p.about, '') as about, p.rating, nullif(p.title, '') as title,
       nullif(p.says, '') as says, nullif(p.site, '') as site, p.state,
       nullif(p.reason, '') as reason, p.written_at, p.decided_at,
       nullif(p.decided_by, '') as decided_by, p.published_at, p.rewarded
  from member_post p
  left join member_alias l on l.program_id = p.program_id and l.member_id = p.member_id
 where p.program_id = $1

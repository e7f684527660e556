-- Sessions of staff that are over are forgotten after a while; who came in stays in the audit log.
grant delete on staff_session to regulars_app;

-- A till redeems as a till alone, where its limits are; keys of those that were paired before still
-- opened the way around them.
update api_key k set scopes = array_remove(k.scopes, 'redemptions:write')
  from till t
 where t.program_id = k.program_id and t.key_id = k.key_id
   and 'redemptions:write' = any(k.scopes);

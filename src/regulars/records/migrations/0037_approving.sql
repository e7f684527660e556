-- Approving what members did for the shop has a scope of its own. Whoever could do so until now
-- still can: keys that tell of activities, where a version of the program has something moderated.

update api_key k
   set scopes = k.scopes || array['activities:approve']
 where k.revoked_at is null and 'activities:write' = any(k.scopes)
   and not 'activities:approve' = any(k.scopes)
   and exists (select from program_version v
                where v.program_id = k.program_id and v.source like '%moderated%');

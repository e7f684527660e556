-- Sessions of staff that are over are forgotten after a while; who came in stays in the audit log.
grant delete on staff_session to regulars_app;

-- A stretch of members lies all over the books: read page by page, each once, not member by member.
select set_config('enable_indexscan', 'off', true), set_config('enable_nestloop', 'off', true);

-- What belongs to an entry is found by its key.
select set_config('enable_indexscan', 'on', true), set_config('enable_nestloop', 'on', true);

"""Who is on their way through a journey, as two become one."""

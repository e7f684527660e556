"""Tests of campaigns: a letter to whoever writes it, counted nowhere."""

"""Export: everything a program or a person has, in open files, from one snapshot."""

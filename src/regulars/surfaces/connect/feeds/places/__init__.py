"""Where files lie: a folder of this machine, an SFTP server, an object store."""

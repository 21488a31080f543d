# Labels depend on the options, never on the outcome.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --list --retr=last --dele=1
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     -ERR no
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - auth: auth_rejected: *time_auth=0*time_stat=U*time_list=U*time_retr=U*time_dele=U*time_quit=0*messages=U*size_bytes=U*largest_bytes=U*message_size=U*
secret hunter2secret

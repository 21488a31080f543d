# The server says the password back to us, plain and in base64; nothing of it may come out.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -vv
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     -ERR wrong password hunter2secret, {base64 hunter2secret}, {base64 \0probe\0hunter2secret}, {base64 xhunter2secret}
exit  2
out   POP3 CRITICAL - auth: auth_rejected: *
secret hunter2secret

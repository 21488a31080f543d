# Identifiers longer than RFC 1939 allows, or with other bytes, harm nobody.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --uidl
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
S     +OK logged in
C     UIDL
S     +OK
S     1 1234567890123456789012345678901234567890123456789012345678901234567890-and-more
S+    2 \xc3\xa9 (new)\r\n
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret

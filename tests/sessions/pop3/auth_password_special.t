# Blanks, quotes and the like are parts of a password.
file  odd raw
	\x20x "\\ y \n
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U "a b" --password-file=@DIR@/odd
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER a b
S     +OK
C     PASS  x "\ y 
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *

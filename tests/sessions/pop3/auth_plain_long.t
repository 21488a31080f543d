# A line of more than 255 octets is not said (RFC 2449 section 4): the response waits to be asked for.
file  long
	hunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/long
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN
S     .
C     AUTH PLAIN
S     +
C64   \x00probe\x00hunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secret

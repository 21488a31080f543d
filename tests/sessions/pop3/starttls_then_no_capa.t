# And where there is no list any more, there is none.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ --require=USER
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls
C     CAPA
S     -ERR what
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - capa_2: capability_missing: *

# OK, and then it goes on in clear.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
client-hello
S     * BAD what is that
close
exit  2
out   IMAP CRITICAL - tls: tls_error: *

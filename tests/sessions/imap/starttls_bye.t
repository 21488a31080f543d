# The server takes its leave in the middle of it, and says why.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     * BYE [UNAVAILABLE] going down
close
exit  2
out   IMAP CRITICAL - starttls: closed: "*going down"*

# The connection ends where an answer is due.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
close
exit  2
out   IMAP CRITICAL - starttls: closed: *

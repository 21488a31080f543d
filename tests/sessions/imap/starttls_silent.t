# The server stops talking; the deadline ends it, and names the step.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -t 1
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
silent
within 1.2
exit  2
out   IMAP CRITICAL - starttls: timeout: *

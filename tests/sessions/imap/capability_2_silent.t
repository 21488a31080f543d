# The server stops talking; the deadline ends it, and names the step.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -t 1
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 STARTTLS
S     a1 OK done
C     a2 STARTTLS
S     a2 OK go ahead
tls
C     a3 CAPABILITY
silent
within 1.2
exit  2
out   IMAP CRITICAL - capability_2: timeout: *

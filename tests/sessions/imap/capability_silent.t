# The server stops talking; the deadline ends it, and names the step.
run   check_mail_imap -H localhost -p @PORT@ -t 1
S     * OK ready
C     a1 CAPABILITY
silent
within 1.2
exit  2
out   IMAP CRITICAL - capability: timeout: *

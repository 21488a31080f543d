# The server stops talking; the deadline ends it, and names the step.
run   check_mail_imap -H localhost -p @PORT@ -s "x1 NOOP" -t 1
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
silent
within 1.2
exit  2
out   IMAP CRITICAL - command: timeout: *

# The connection ends where an answer is due.
run   check_mail_imap -H localhost -p @PORT@ -s "x1 NOOP"
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
close
exit  2
out   IMAP CRITICAL - command: closed: *

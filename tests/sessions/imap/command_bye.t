# The server takes its leave in the middle of it, and says why.
run   check_mail_imap -H localhost -p @PORT@ -s "x1 NOOP"
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
S     * BYE [UNAVAILABLE] going down
close
exit  2
out   IMAP CRITICAL - command: closed: "*going down"*

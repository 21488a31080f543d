# Blanks where none belong.
run   check_mail_imap -H localhost -p @PORT@
S+    *  OK   [CAPABILITY  IMAP4rev1   IDLE ]   ready  \r\n
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *

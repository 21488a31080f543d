# Lines that end in LF alone.
run   check_mail_imap -H localhost -p @PORT@
S+    * OK ready\n
C     a1 CAPABILITY
S+    * CAPABILITY IMAP4rev1\na1 OK done\n
C     a2 LOGOUT
S+    * BYE bye\na2 OK\n
exit  0
out   IMAP OK - *

# A line just below 64 KiB is tolerated.
run   check_mail_imap -H localhost -p @PORT@
skip  bytes: sixty thousand segments show nothing that sixty do not
S     * OK ready
C     a1 CAPABILITY
S+    * CAPABILITY IMAP4rev1
fill  65000 \x20
S
S     a1 OK done
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *

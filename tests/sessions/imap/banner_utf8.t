# Valid UTF-8 is told as it is.
run   check_mail_imap -H localhost -p @PORT@ -o json
S     * OK [CAPABILITY IMAP4rev1] Grüße aus Köln
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
json  facts.banner=*Grüße aus Köln*

# Bytes that are no UTF-8 come out escaped.
run   check_mail_imap -H localhost -p @PORT@ -o json
S+    * OK [CAPABILITY IMAP4rev1] Caf\xe9 \xff\xfe\r\n
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
json  facts.banner=*Caf*

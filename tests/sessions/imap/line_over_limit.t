# A line above it is an error, never cut and believed.
run   check_mail_imap -H localhost -p @PORT@
skip  bytes: seventy thousand segments show nothing that seventy do not
S     * OK ready
C     a1 CAPABILITY
S+    * CAPABILITY IMAP4rev1
fill  66000 \x20
S
S     a1 OK done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - capability: protocol: *

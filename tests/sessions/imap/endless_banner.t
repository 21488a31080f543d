# A line without an end is cut at its limit.
run   check_mail_imap -H localhost -p @PORT@ -t 5
S+    * OK\x20
endless x
within 3
exit  2
out   IMAP CRITICAL - banner: protocol: *

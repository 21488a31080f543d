# A SEARCH response that is longer than a line may be is counted in parts, but is no greeting.
run   check_mail_imap -H localhost -p @PORT@ -e hello
S+    * SEARCH 1
fill  20000 \x2012345
S+    \r\n
exit  2
out   IMAP CRITICAL - banner: protocol: *no greeting*

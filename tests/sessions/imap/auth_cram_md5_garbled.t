# A challenge that is not base64.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5
S     * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready
C     a1 AUTHENTICATE CRAM-MD5
S     + %%%not base64%%%
C+    *\r\n
S     a1 BAD cancelled
exit  2
out   IMAP CRITICAL - auth: protocol: *

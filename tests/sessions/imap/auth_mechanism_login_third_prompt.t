# A third question has no answer.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=LOGIN
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=LOGIN] ready
C     a1 AUTHENTICATE LOGIN
S     + {base64 Username:}
C     {base64 probe}
S     + {base64 Password:}
C     {base64 hunter2secret}
S     + {base64 Pet:}
C+    *\r\n
S     a1 BAD cancelled
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret hunter2secret

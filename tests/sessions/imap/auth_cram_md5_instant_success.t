# Success before the challenge: there was nothing to answer.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5
S     * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready
C     a1 AUTHENTICATE CRAM-MD5
S     a1 OK welcome
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret hunter2secret

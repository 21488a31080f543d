# The wrong password.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5
S     * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready
cram-md5 probe anotherone reject
S     a1 NO [AUTHENTICATIONFAILED] no
exit  2
out   IMAP CRITICAL - auth: auth_rejected: "*no"*
secret hunter2secret

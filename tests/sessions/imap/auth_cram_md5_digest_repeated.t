# The digest alone can be tried against a list of passwords: it is secret.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5 -vv
S     * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready
cram-md5 probe hunter2secret
S     * NO @PROOF@ is wrong
S     a1 NO as is @CODEDPROOF@
exit  2
out   IMAP CRITICAL - auth: auth_rejected: *
not   *@PROOF@*
not   *@CODEDPROOF@*
secret hunter2secret

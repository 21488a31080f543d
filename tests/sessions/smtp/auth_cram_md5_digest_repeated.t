# The digest alone can be tried against a list of passwords: it is as secret as the whole answer.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5 -vv
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH CRAM-MD5
cram-md5 probe hunter2secret
S     535-5.7.8 @PROOF@ is wrong
S     535 5.7.8 as is @CODEDPROOF@
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: *
not   *@PROOF@*
not   *@CODEDPROOF@*
secret hunter2secret

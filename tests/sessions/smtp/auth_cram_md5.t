# CRAM-MD5: the password answers a challenge and does not travel.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5 -o json
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH CRAM-MD5
cram-md5 probe hunter2secret
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
json  facts.auth_mechanism=CRAM-MD5
secret hunter2secret

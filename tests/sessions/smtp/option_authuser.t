# The long names of check_smtp.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none --authuser=probe --authpass=hunter2secret --authtype=PLAIN
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN CRAM-MD5
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
secret hunter2secret

# Blanks around the verb change nothing.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -vv -C " AUTH  PLAIN {base64 \0probe\0hunter2secret}" -R 235
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     *AUTH  PLAIN {base64 \0probe\0hunter2secret}
S     535-5.7.8 hunter2secret is wrong
S     535 5.7.8 as is {base64 hunter2secret}
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - command: unexpected: *
secret hunter2secret

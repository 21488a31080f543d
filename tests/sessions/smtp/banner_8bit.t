# Bytes that are no UTF-8 are tolerated from the server and come out escaped.
run   check_mail_smtp -H localhost -p @PORT@ -o json
S+    220 mx.test Caf\xe9 \xff\xfe\r\n
C     EHLO *
S+    250-mx.test gr\xfc\xdf dich\r\n
S     250 HELP
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
json  facts.banner=*Caf*

# A reply that never ends is over its limit at the 1,001st line.
run   check_mail_smtp -H localhost -p @PORT@ -t 5
S     220 mx.test
C     EHLO *
endless 250-AGAIN\r\n
within 3
exit  2
out   SMTP CRITICAL - ehlo: protocol: *

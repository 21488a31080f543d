# All addresses refuse: one phase, one verdict.
address 192.0.2.1
address 192.0.2.2
dns   mx.test A 192.0.2.1
dns   mx.test A 192.0.2.2
run   check_mail_smtp -H mx.test -p 25
exit  2
out   SMTP CRITICAL - connect: connect_refused: *

# SSH on the port.
run   check_mail_imap -H localhost -p @PORT@
S     SSH-2.0-OpenSSH_9.2p1
exit  2
out   IMAP CRITICAL - banner: protocol: *

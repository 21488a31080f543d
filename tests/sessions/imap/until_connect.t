# Before a word is said.
run   check_mail_imap -H localhost -p @PORT@ --until=connect
skip  tls: the handshake would come after it
delay 150
S     * OK [CAPABILITY IMAP4rev1] ready
may   a1 LOGOUT
exit  0

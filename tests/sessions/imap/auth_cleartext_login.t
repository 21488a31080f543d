# Nor by LOGIN.
address 192.0.2.1
listen 192.0.2.1 143
file  pass
	hunter2secret
skip  tls: there nothing is in clear
run   check_mail_imap -H 192.0.2.1 -p 143 -U probe --password-file=@DIR@/pass --tls=none
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  3
out   IMAP UNKNOWN - auth: auth_cleartext: *
secret hunter2secret

# In use: a mail client would come again.
run   check_mail_imap -H localhost -p @PORT@
S     * BYE [INUSE] busy
close
exit  1
out   IMAP WARNING - banner: tempfail: "*busy"*

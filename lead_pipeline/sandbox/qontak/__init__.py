"""Qontak CRM, imitated: a company's contacts, companies, deals, tasks and pipelines.

Every object has a number, counted in order of creation, and everything about it follows from seed,
number and moment: when it was created, when it changes, when it is gone, and what it says between.
So nothing is kept, any moment can be asked for, and a large CRM starts as fast as a small one. What
a client or somebody at the CRM writes is kept beside that, with its moment.

    settings    what can be set; credentials        lives     who is there when
    people      who a contact is                    stock     Indonesian names and places
    links       contact, company, deal and task     fields    templates, additional fields
    contacts, companies, deals, tasks, pipelines    what the objects say
    written     times, amounts and slugs            envelope  how an answer is wrapped
    store       the objects of a moment             truth    what is true of them
    signature   who may ask                         rate      how often
    api         the endpoints; asked, write_api: a request, and how writing is answered
    own         objects that somebody entered       changes  what was written over any object
    writable    which fields may be written         values, additional    how each is read
    writing     creates, changes, deletes           look_up  finds by phone, e-mail, name
    logbook     who wrote what                      by_hand  somebody at the CRM, for tests
"""

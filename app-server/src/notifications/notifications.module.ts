// Wiring of notifications: what writes them down, and what brings them to people.
import { Module } from '@nestjs/common'
import { Notifications } from './notifications.js'
import { NotificationSchedule } from './schedule.js'

@Module({ providers: [Notifications, NotificationSchedule], exports: [Notifications] })
export class NotificationsModule {}
